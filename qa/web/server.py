"""The server: a socket, a FastAPI application, and the chat mounted in it."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import OnRecordError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.engine import Engine
    from qa.keep import Keeper


_NEEDED = frozenset({"queue", "cancel", "reset", "heartbeat", "startup-events", "theme.css"})
"""What the chat asks of Gradio's interface."""
_LOCAL = ("127.0.0.1", "localhost", "[::1]", "::1")


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is done.

    Raises:
        OnRecordError: the port is in use or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except (OSError, UnicodeError) as error:
        taken.close()
        reason = (getattr(error, "strerror", "") or str(error)).lower()
        raise OnRecordError(
            f"cannot listen on {host}:{port}: {reason}; "
            "choose another with --port (0 takes a free one)"
        ) from error
    return taken


def create_app(
    engine: Engine,
    reports: Path | None = None,
    *,
    local: bool = True,
    keeper: Keeper | None = None,
) -> FastAPI:
    """The web application over an engine, for `run` or another ASGI server.

    Args:
        engine: What answers.
        reports: A folder of eval runs; their reports are shown under /reports.
        local: Answer only to this machine's own names, so that no page elsewhere can reach the
            chat by a name that it points here.
        keeper: What keeps the archive fresh meanwhile; its state is shown under /sources.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by gradio when it is imported
    import gradio
    from fastapi import FastAPI
    from fastapi.middleware.cors import CORSMiddleware
    from fastapi.middleware.trustedhost import TrustedHostMiddleware

    from qa.web.chat import STYLE, build, theme

    app = FastAPI(title="On Record", docs_url=None, redoc_url=None, openapi_url=None)
    # Gradio reflects any Origin with credentials; no page of another site has business here.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    if local:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOCAL))
    if reports is not None:
        _add_reports(app, reports)
    _add_sources(app, engine, keeper)
    page = build(engine)
    # Gradio compares paths in what clients send with the folders it may read only once it was
    # launched, which a mounted page never is: without this, any file could be had.
    page.has_launched = True
    app.add_middleware(_ChatOnly)
    gradio.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        css_paths=[STYLE],
        show_error=False,
        max_file_size=1,  # nothing is uploaded here, but the route is open
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
    )
    return app


_UNUSED = frozenset(("openapi.json", "login", "logout", "docs", "redoc"))
# No page of another site may hold ours, nor be told what was read here.
_GUARDS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
)


class _ChatOnly:
    """Of Gradio's interface, lets through what the chat needs: no uploads, files or proxies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that there is no such page."""
        parts = [part for part in str(scope.get("path", "")).split("/") if part]
        unknown = parts[:1] == ["gradio_api"] and parts[1:2] and parts[1] not in _NEEDED
        if unknown or "/".join(parts) in _UNUSED:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse("no such page", 404)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_GUARDS]
            await send(message)

        await self._app(scope, receive, guarded)


def _add_reports(app: FastAPI, folder: Path) -> None:
    """A page with the runs in a folder, and the report of each."""
    from fastapi import HTTPException
    from fastapi.responses import FileResponse, HTMLResponse

    from qa.web import render

    def found() -> dict[str, Path]:
        return {file.parent.name: file for file in sorted(folder.glob("*/report.html"))}

    @app.get("/reports")
    def index() -> HTMLResponse:
        return HTMLResponse(render.reports(list(found())))

    @app.get("/reports/{name}")
    def one(name: str) -> FileResponse:
        # Looked up among what is there: a name is never made into a path.
        if name not in found():
            raise HTTPException(404, "no such run")
        return FileResponse(found()[name])


def _add_sources(app: FastAPI, engine: Engine, keeper: Keeper | None) -> None:
    """A page with the feeds and the watched folders, and how each fares."""
    from fastapi.responses import HTMLResponse

    from qa.web import sources

    @app.get("/sources")
    def listed() -> HTMLResponse:
        html = sources.page(
            engine.sources.all(),
            keeper.folders if keeper else (),
            kept=keeper is not None and keeper.feeds,
            trouble=keeper.trouble if keeper else "",
        )
        return HTMLResponse(html)


def run(
    engine: Engine,
    taken: socket.socket,
    reports: Path | None = None,
    keeper: Keeper | None = None,
) -> None:
    """Serve the chat on a socket until stopped."""
    import uvicorn

    logging.getLogger("httpx").setLevel(logging.WARNING)
    config = uvicorn.Config(
        create_app(engine, reports, local=taken.getsockname()[0] in _LOCAL, keeper=keeper),
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    if keeper:
        keeper.start()
    try:
        uvicorn.Server(config).run(sockets=[taken])
    finally:
        if keeper:
            keeper.stop()
