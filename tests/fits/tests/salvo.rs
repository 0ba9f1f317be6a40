//! salvo 1: its feature `tower-compat` makes a handler of a layer.

use bytes::Bytes;
use http::{Request, Response, uri::Scheme};
use http_body_util::{BodyExt, Full};
use salvo::{
    Router, Service, handler,
    http::{ReqBody, ResBody},
    prelude::TowerLayerCompat,
};
use tower::util::option_layer;
use tower_cors_fits::{Call, Layered, ours, placement::Table, theirs};

const HOME: Call<Full<Bytes>> = Call::home(Full::from);

#[handler]
async fn home() -> &'static str {
    "home"
}

/// A layer as a handler of salvo.
macro_rules! hoop {
    ($layer:expr) => {
        TowerLayerCompat::compat::<ReqBody>($layer)
    };
}

async fn ask(service: &Service, request: Request<Full<Bytes>>) -> Response<Bytes> {
    let (head, body) = request.into_parts();
    let body = ReqBody::from(body.collect().await.expect("a body").to_bytes().to_vec());
    let request = Request::from_parts(head, body);
    let mut response = service.handle(salvo::Request::from_hyper(request, Scheme::HTTP)).await;
    let (head, body): (_, ResBody) = response.strip_to_hyper().into_parts();
    Response::from_parts(head, body.collect().await.expect("a body").to_bytes())
}

async fn works(layered: Layered, service: &Service) {
    let preflight = ask(service, HOME.preflight()).await;
    let actual = ask(service, HOME.actual()).await;
    HOME.check(layered, &preflight, &actual);
}

#[tokio::test]
async fn a_hoop_of_the_service() {
    let router = || Router::new().goal(home);
    works(Layered::Theirs, &Service::new(router()).hoop(hoop!(theirs()))).await;
    works(Layered::Ours, &Service::new(router()).hoop(hoop!(ours()))).await;
    works(Layered::Ours, &Service::new(router()).hoop(hoop!(ours().same_body::<ResBody>()))).await;
    let optional = option_layer(Some(ours().same_body::<ResBody>()));
    works(Layered::Ours, &Service::new(router()).hoop(hoop!(optional))).await;
    let optional = option_layer(Some(theirs()));
    works(Layered::Theirs, &Service::new(router()).hoop(hoop!(optional))).await;
}

#[tokio::test]
async fn which_answers_stay_bare() {
    let mut table = Table::of("salvo");
    let layouts = [
        ("`Service::hoop`", Service::new(Router::new().get(home)).hoop(hoop!(ours()))),
        ("`Router::hoop`", Service::new(Router::new().hoop(hoop!(ours())).get(home))),
        (
            "`Router::hoop`, a goal for any method",
            Service::new(Router::new().hoop(hoop!(ours())).goal(home)),
        ),
    ];
    for (stands, service) in layouts {
        for (answer, call) in [
            ("of the handler", HOME),
            ("404", Call { target: "/nowhere", status: 404, answer: "", ..HOME }),
            ("405", Call { method: "POST", status: 405, answer: "", ..HOME }),
        ] {
            if answer == "405" && stands.ends_with("any method") {
                continue;
            }
            let preflight = ask(&service, call.preflight()).await;
            let actual = ask(&service, call.actual()).await;
            table.seen(stands, answer, &call, &preflight, &actual);
        }
    }
    table.check();
}
