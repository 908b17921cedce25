"""Kernels that begin with the slow imports done, because they are forked from one process that did them.

`rerun` uses them on Linux; JupyterLab and nbconvert, and other systems, start kernels as Jupyter does. The process that
forks knows other people's packages only: what a notebook reads of this project is read by its own kernel. Run as
the main module this file is that process: each line of its input asks for a kernel, each line of its output is the process id of one.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys

SLOW = ("ipykernel.kernelapp", "IPython.display", "pandas", "matplotlib.pyplot", "matplotlib.backends.backend_pdf", "fontTools.subset")


class Nursery:
    """A process to fork kernels from; a context manager, None where the system starts kernels as Jupyter does.

    Parameters
    ----------
    environment : dict of str to str
        Its environment variables.
    """

    def __init__(self, environment):
        self.process = None
        if sys.platform == "linux":
            pipe = subprocess.PIPE
            # Not as a script: modules of this folder would go by the names of Python's own.
            code = (
                "import sys; sys.path = [path for path in sys.path if path]; import runpy; runpy.run_path(sys.argv[1], run_name='__main__')"
            )
            command = [sys.executable, "-c", code, __file__]
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd="/", env=environment, start_new_session=True)

    def __enter__(self):
        return self if self.process else None

    def __exit__(self, *_):
        if self.process:
            with contextlib.suppress(OSError):  # it may have ended before
                self.process.communicate()

    def provisioner(self, manager):
        """What starts and ends the kernel of a kernel manager, in place of its own."""
        from jupyter_client.provisioning import LocalProvisioner

        nursery = self.process

        class Forked(LocalProvisioner):
            async def launch_kernel(self, cmd, **how):
                try:
                    print(json.dumps([cmd[cmd.index("-f") :], os.fspath(how["cwd"]), how["env"]]), file=nursery.stdin, flush=True)
                    self.pid = int(nursery.stdout.readline())
                except (OSError, ValueError):
                    raise RuntimeError("the process that kernels are forked from has ended") from None
                self.pgid = self.pid  # what a cell has started ends with its kernel
                self.process = Process(self.pid)
                return self.connection_info

        return Forked(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager)


class Process:
    """A forked kernel as its manager knows processes; the nursery lets it go when it ends, so its status is not known."""

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        """None while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def wait(self):
        """Its status, once `poll` has seen its end."""
        return self.poll()

    def send_signal(self, signum):
        """Signal it, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signum)


def _fork():
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read on import: a kernel ends with the process it was forked from
    for name in SLOW:
        with contextlib.suppress(ImportError):  # a notebook that needs it says so
            __import__(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            return json.loads(line)
        print(pid, flush=True)
    return None


def _kernel(arguments, folder, environment):
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # the pipe to who asks for kernels is not theirs to write to
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(argv=arguments)


if __name__ == "__main__":
    asked = _fork()
    if asked:
        _kernel(*asked)
