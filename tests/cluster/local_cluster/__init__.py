# SPDX-License-Identifier: Apache-2.0
"""The parts of the local cluster. `tests/cluster/cluster.py` puts them together; begin there."""
