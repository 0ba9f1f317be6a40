//! An MCP server that a page of another origin can use: the SDK's server inside the layer.
//!
//! `cargo run --example mcp` prints curl lines that do what an MCP client in a page does: a preflight,
//! `initialize`, and a tool call whose answer is a stream. The port is the first argument, or else
//! `PORT`, or else 8012.
//!
//! rmcp also has its own check: it accepts only requests for `localhost` unless
//! `StreamableHttpServerConfig::allowed_hosts` lists more.

use std::{env, error::Error, sync::Arc, time::Duration};

use axum::Router;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, JsonObject,
        ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ServerCapabilities,
        ServerConfig, Tool,
    },
    service::RequestContext,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use tokio::{net::TcpListener, time};
use tower_cors::{CorsLayer, Preset};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The preset allows the methods and headers of the protocol, `Mcp-Param-…` included, and
    // exposes the session's id, because the page must send it back.
    let cors = CorsLayer::new().allow_origins(["http://localhost:8080"]).preset(Preset::Mcp);

    let mcp = StreamableHttpService::new(
        || Ok(Countdown),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let app = Router::new().nest_service("/mcp", mcp).layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

/// A server with one tool.
#[derive(Clone)]
struct Countdown;

impl ServerHandler for Countdown {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tool = Tool::new("count_down", "counts down from three", JsonObject::new());
        Ok(ListToolsResult::with_all_items(vec![tool]))
    }

    /// Reports its progress immediately, as a stream.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name != "count_down" {
            return Err(ErrorData::invalid_params("no such tool", None));
        }
        if let Some(token) = context.meta.get_progress_token() {
            for step in 1..=3 {
                let progress = ProgressNotificationParam::new(token.clone(), f64::from(step));
                let _ = context.peer.notify_progress(progress).await;
                time::sleep(Duration::from_millis(50)).await;
            }
        }
        Ok(CallToolResult::success(vec![ContentBlock::text("lift off")]).into())
    }
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8012".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# the preflight of a tool call: it passes, and the answer names Mcp-Param-Region as it was asked
curl -i -X OPTIONS {url}/mcp -H 'Origin: http://localhost:8080' \
    -H 'Access-Control-Request-Method: POST' \
    -H 'Access-Control-Request-Headers: content-type,mcp-param-region,mcp-protocol-version,mcp-session-id'

# initialize: the page may read Mcp-Session-Id
curl -i {url}/mcp -H 'Origin: http://localhost:8080' -H 'Content-Type: application/json' \
    -H 'Accept: application/json, text/event-stream' --data '{{"jsonrpc":"2.0","id":1,
    "method":"initialize","params":{{"protocolVersion":"2025-06-18","capabilities":{{}},
    "clientInfo":{{"name":"curl","version":"1"}}}}}}'

# a page of another origin: the server answers, and the browser hides it
curl -i {url}/mcp -H 'Origin: https://example.com' -H 'Content-Type: application/json' \
    -H 'Accept: application/json, text/event-stream' --data '{{"jsonrpc":"2.0","id":1,
    "method":"ping"}}'
"#
    )
}
