"""How long the processes may take, as the server that watches them and the files of `conference deploy` both say it."""

# Of the web processes and of a worker after SIGTERM; a worker that is killed before leaves a mail in doubt.
WEB_STOPS_WITHIN_S = 15
WORKER_STOPS_WITHIN_S = 15
# After so long without a word a web process is taken for stuck.
WEB_TIMEOUT_S = 60

# Of each web process: threads that work on requests, and connections that it keeps open. An idle or slow one holds no thread.
WEB_THREADS = 4
WEB_CONNECTIONS = 4000
# How many files a web process may hold, where we say so: two a connection, and as many again for comfort.
WEB_FILES = 16384
# Longer than nginx keeps its own lines to us, so that it never sends on one that is being closed.
WEB_KEEPALIVE_S = 75
# Connections that the kernel holds until a process takes them; it does so at once, so this is for a burst.
BACKLOG = 2048
