# SPDX-License-Identifier: Apache-2.0
"""The one exception that the cluster raises for its callers."""


class ClusterError(Exception):
    """One clear sentence for a person; the command prints it on stderr and exits with 1."""
