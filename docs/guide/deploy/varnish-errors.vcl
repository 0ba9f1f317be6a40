# Varnish passes everything on, and pages can read its own errors.
vcl 4.1;

backend application {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_backend_error {
    if (bereq.http.Origin == "https://app.example.com") {
        set beresp.http.Access-Control-Allow-Origin = bereq.http.Origin;
        set beresp.http.Access-Control-Allow-Credentials = "true";
    }
    set beresp.http.Vary = "Origin";
}

sub vcl_synth {
    if (req.http.Origin == "https://app.example.com") {
        set resp.http.Access-Control-Allow-Origin = req.http.Origin;
        set resp.http.Access-Control-Allow-Credentials = "true";
    }
    set resp.http.Vary = "Origin";
}
