#!/bin/sh
# Print the first python of at least 3.11 that has all the tool needs: tkinter, sqlite3, ssl, venv.
for python in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import ensurepip, sqlite3, ssl, sys, tkinter, venv
sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$python"
        exit 0
    fi
done
exit 1
