#ifndef AGENT_SERVE_H
#define AGENT_SERVE_H

/* Answers requests until the first stream ends. */
void serve(int requests, int replies);

/* Runs a WASI program: options, the file, its arguments. Returns the exit status. */
int run_program(int argc, char **argv);

#endif
