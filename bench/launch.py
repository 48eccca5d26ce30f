#!/usr/bin/python3
"""launch.py FD CORE SECONDS COMMAND…: runs the command on one core (-1: any) and prints, as one line on file descriptor FD, its exit
status, CPU seconds (user and system), wall seconds and peak resident KiB.

A program of its own, with no imports to speak of: the kernel counts what the parent had resident at the start as the child's peak.
"""

import os
import signal
import sys
import time

report, core, limit, command = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
if core >= 0:
    os.sched_setaffinity(0, {core})
began = time.monotonic()
child = os.fork()
if child == 0:
    os.close(report)
    try:
        os.execvp(command[0], command)
    finally:
        os._exit(127)


def end(*_):
    os.kill(child, signal.SIGKILL)


signal.signal(signal.SIGALRM, end)
signal.signal(signal.SIGTERM, end)
signal.alarm(limit)
status, used = os.wait4(child, 0)[1:]
os.write(report, b"%d %f %f %d\n" % (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss))
