"""The FastAPI server of the load test: prints where it listens, and ends by itself."""

import socket
import sys
import threading
import time

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=["GET", "POST", "PUT", "DELETE"],
    allow_headers=["authorization", "content-type", "x-request-id"],
    allow_credentials=True,
)


@app.get("/things/{id}")
async def thing(id: str) -> PlainTextResponse:
    return PlainTextResponse('{"id":7,"name":"seven"}')


def main() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print("%s:%d" % listener.getsockname(), flush=True)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning"))

    def end() -> None:
        time.sleep(float(sys.argv[1]))
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
