#ifndef AGENT_THUMB_H
#define AGENT_THUMB_H

/* To be called before the first module is loaded. */
void make_helpers_reachable(void);

#endif
