"""What `setup.cfg` cannot say: packages are found, and templates and static files, which lie beside the code, belong to it."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["forum", "forum.*"]), "forum.static", "forum.templates"])
