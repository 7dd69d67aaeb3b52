#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

int clinux_name_thread(const char *name) { return prctl(PR_SET_NAME, name); }

int clinux_leave_network(void) {
    if (unshare(CLONE_NEWNET) == 0) return 0;
    return unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

int clinux_refuse_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int clinux_refuse_dumps(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int clinux_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0; }

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int clinux_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE); }

int clinux_close_from(unsigned int first) { return close_range(first, ~0U, 0); }

int clinux_clear_environment(void) { return clearenv() == 0 ? 0 : -1; }

int clinux_trace(pid_t process) { return (int)ptrace(PTRACE_ATTACH, process, NULL, NULL); }

ssize_t clinux_read_memory(pid_t process, const void *address, void *buffer, size_t length) {
    struct iovec here = {buffer, length};
    struct iovec there = {(void *)(uintptr_t)address, length};
    return process_vm_readv(process, &here, 1, &there, 1, 0);
}
