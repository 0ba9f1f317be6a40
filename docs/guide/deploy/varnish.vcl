# Varnish passes everything on and keeps what may be kept. The application behind it sets the CORS headers.
vcl 4.1;

# Its built-in program passes OPTIONS on, and keeps one answer for each Origin that `Vary` names.
backend application {
    .host = "127.0.0.1";
    .port = "8000";
}
