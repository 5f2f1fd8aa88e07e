/// @file
/// Signal flag.
#include "app/stop.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t wished;

static void wish(int signal_number)
{
    wished = 1;
    if (signal_number == SIGINT) { // an impatient user is believed the second time
        struct sigaction plain;
        memset(&plain, 0, sizeof plain);
        plain.sa_handler = SIG_DFL;
        sigaction(SIGINT, &plain, NULL);
    }
}

void qn_stop_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = wish;
    action.sa_flags = SA_RESTART; // a write in progress goes on
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

int qn_stop_requested(void)
{
    return wished != 0;
}
