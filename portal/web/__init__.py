"""The portal's shell, without domain knowledge.

Layout, navigation, fragments, security headers, languages, formats, paging and error pages.
Domains use these public names: :func:`portal.web.rendering.render`,
:class:`portal.web.navigation.NavItem`, :mod:`portal.web.paging`, :mod:`portal.web.periods`,
:mod:`portal.web.urls`, :mod:`portal.web.formats`, :mod:`portal.web.charts` and
:func:`portal.web.errors.error_page`; the application calls :func:`portal.web.shell.init_app`.
"""
