@rem In npm scripts, "exec" puts the program in the place of the shell, so that it gets the signals that npm passes on.
@rem The shell of Windows has no such command and finds this file, which runs the program.
@%*
