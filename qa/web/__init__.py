"""The web chat: a thin shell over the engine, Gradio mounted in FastAPI."""

from qa.web.server import create_app, listen, run

__all__ = ["create_app", "listen", "run"]
