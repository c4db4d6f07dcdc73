"""Services forked from one process that has their code loaded: each with a session, a log and a pid file of its own."""
import os
import sys
import traceback


def fork_service(run, name, main):
    """Runs `main` for good in a process of its own and notes its id in RUN/pids/NAME."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        log = os.open(os.path.join(run, 'log', name + '.log'), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, file in enumerate((nothing, log, log)):
            os.dup2(file, number)
        _end_with(main)
    with open('/proc/%d/stat' % pid) as stat:
        started = stat.read().rpartition(') ')[2].split()[19]
    with open(os.path.join(run, 'pids', name), 'w') as file:
        file.write('%d %s\n' % (pid, started))


def fork_and_wait(main, what):
    """Runs `main` in a process of its own, so that this one keeps no connection and no option of it."""
    pid = os.fork()
    if pid == 0:
        _end_with(main)
    _, status = os.waitpid(pid, 0)
    if status != 0:
        sys.exit('%s ended with status %d' % (what, status))


def _end_with(main):
    code = 1
    try:
        if 'eventlet' in sys.modules:
            # A hub shared with the parent would wake every service for each event of any of them.
            sys.modules['eventlet'].hubs.use_hub()
        code = main() or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
