"""What ``make`` runs: setting up, starting, testing, checking.

Runs on any Python 3.11 with the standard library alone, before the virtual environment exists;
except ``contracts``, which is import-linter's, and ``prepare``, which runs inside the environment.
"""
