"""How long the processes may take, as the server that watches them and the files of `conference deploy` both say it."""

# Of the web processes and of a worker after SIGTERM; a worker that is killed before leaves a mail in doubt.
WEB_STOPS_WITHIN_S = 15
WORKER_STOPS_WITHIN_S = 15
# After so long without a word a web process is taken for stuck.
WEB_TIMEOUT_S = 60
