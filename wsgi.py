"""What a WSGI server serves: `gunicorn wsgi:app`."""

from config import Config
from wijkbudget import create_app
from wijkbudget.web.logs import keep_votes_and_links_out

keep_votes_and_links_out()
app = create_app(Config.from_environment())
