"""Tests against real servers: test_*.py with unittest cases, found and counted by tests/support/run_python.py.

`from tests.support.servers import Server` starts a server of a product with the options a test needs; see there.
"""
