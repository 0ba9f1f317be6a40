//! gRPC-Web calls of a tonic service, and Connect's headers.

use tower_cors::Preset;

use super::listed;
use crate::case::{Case, REFUSED, case};

pub fn cases() -> Vec<Case> {
    vec![
        case("grpc-web/call", "the preset lets a call through")
            .policy(|on| listed(on).preset(Preset::GrpcWeb))
            .page("greet(api, 'Ada')")
            .gives("Hello Ada, grpc-status:0")
            .server([
                "preflight POST /hello.Greeter/Greet [content-type,x-grpc-web]: 200",
                "POST /hello.Greeter/Greet: 200",
            ]),
        case("grpc-web/error", "and exposes the status of one that fails")
            .policy(|on| listed(on).preset(Preset::GrpcWeb))
            .page("greet(api, '')")
            .gives("status 3: a person has a name"),
        case("grpc-web/unimplemented", "also of one that does not exist")
            .policy(|on| listed(on).preset(Preset::GrpcWeb))
            .page("headers(api + '/hello.Greeter/Leave', { method: 'POST', headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' }, body: new Uint8Array(5) }, 'grpc-status', 'grpc-message').then(([status, message]) => [status, decodeURIComponent(message)])")
            .gives(vec!["12", "no such call"]),
        case("grpc-web/deadline", "clients send a deadline and their name, too")
            .policy(|on| listed(on).preset(Preset::GrpcWeb))
            .page("greet(api, 'Ada', { 'grpc-timeout': '5S', 'x-user-agent': 'grpc-web-javascript/0.1' })")
            .gives("Hello Ada, grpc-status:0")
            .server([
                "preflight POST /hello.Greeter/Greet [content-type,grpc-timeout,x-grpc-web,x-user-agent]: 200",
                "POST /hello.Greeter/Greet: 200",
            ]),
        case("grpc-web/without-preset", "without the preset nothing is called")
            .policy(listed)
            .page("greet(api, 'Ada')")
            .gives(REFUSED)
            .server(["preflight POST /hello.Greeter/Greet [content-type,x-grpc-web]: 400"]),
        case("grpc-web/not-exposed", "without the exposed headers a failure looks like an empty answer")
            .policy(|on| listed(on).allow_methods(["POST"]).allow_headers(["x-grpc-web"]))
            .page("greet(api, '')")
            .gives(""),
        case("connect/call", "Connect's clients send a version and a deadline")
            .policy(|on| listed(on).preset(Preset::Connect))
            .page("attempt(api + '/echo', { ...json, headers: { ...json.headers, 'connect-protocol-version': '1', 'connect-timeout-ms': '1000' } })")
            .gives("200 POST {}"),
    ]
}
