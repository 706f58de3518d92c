"""Serving: gunicorn with gevent workers."""
