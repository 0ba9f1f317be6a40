use std::convert::Infallible;

use http::{Request, Response};
use tower::{Layer, service_fn, util::BoxCloneService};
use tower_cors::CorsLayer;

async fn home(_: Request<String>) -> Result<Response<String>, Infallible> {
    Ok(Response::default())
}

fn main() {
    let service = CorsLayer::new().layer(service_fn(home));
    let _: BoxCloneService<Request<String>, Response<String>, Infallible> =
        BoxCloneService::new(service);
}
