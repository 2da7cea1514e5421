# SPDX-License-Identifier: Apache-2.0
"""The accounts and the database that every cluster has, whatever its engine."""
ADMIN = "rdsadmin"  # ours, over Unix sockets only
USER, PASSWORD, DATABASE = "app", "app-secret", "app"
CLEARTEXT_USER, CLEARTEXT_PASSWORD = "clear", "clear-secret"  # the server wants this one's password as it is
