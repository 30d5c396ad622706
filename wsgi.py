"""What a WSGI server serves: `gunicorn wsgi:app`."""

from config import Config
from wijkbudget import create_app

app = create_app(Config.from_environment())
