"""What ``make`` runs: setting up, starting, testing, checking.

Runs on any Python 3.11 with the standard library alone, before the virtual environment exists;
``contracts`` is import-linter's and the exception.
"""
