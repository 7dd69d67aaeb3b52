// System calls that Swift cannot make itself: variadic ones, and those behind macros.
// Each returns 0 (or a length) on success and -1 with errno otherwise, unless it says more.
#pragma once

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "CLinuxPeer.h"

/// Names the calling thread; at most 15 characters are kept.
int clinux_name_thread(const char *name);

/// Sends a message with a descriptor, or without one if `descriptor` is -1 (unix(7), SCM_RIGHTS).
ssize_t clinux_send_descriptor(int socket, const void *message, size_t length, int descriptor);

/// Receives a message and the descriptor that came with it, close-on-exec, or -1. More than one is refused with
/// EPROTO; those that arrived are closed.
ssize_t clinux_receive_descriptor(int socket, void *message, size_t length, int *descriptor);

/// Gives the process a network namespace without interfaces. Works in a process with one thread only.
/// Where the process may not, it is tried inside a user namespace of its own.
int clinux_leave_network(void);

/// No exec may grant privileges any more (prctl(2), PR_SET_NO_NEW_PRIVS).
int clinux_refuse_new_privileges(void);

/// Neither debugger nor core dump may read the memory any more.
int clinux_refuse_dumps(void);

/// 1 if the process can be dumped or debugged, 0 if not.
int clinux_is_dumpable(void);

/// The kernel kills the process when the thread that started it ends.
int clinux_die_with_parent(void);

/// Keeps all pages, those to come included, out of swap. Refused with EPERM under a small limit that cannot be raised:
/// locking would succeed now and let a later allocation fail.
int clinux_lock_memory(void);

/// Closes every descriptor from `first` on.
int clinux_close_from(unsigned int first);

/// Has posix_spawn(3) close every descriptor from `first` on in the new process. Returns an errno.
int clinux_spawn_closing_from(posix_spawn_file_actions_t *actions, int first);

/// Removes every environment variable.
int clinux_clear_environment(void);

/// Asks to trace another process without stopping it (ptrace(2), PTRACE_SEIZE).
int clinux_trace(pid_t process);

/// Reads another process's memory (process_vm_readv(2)).
ssize_t clinux_read_memory(pid_t process, const void *address, void *buffer, size_t length);

/// 1 if the kernel's clock is kept in step by a time service (adjtimex(2)), 0 if not.
int clinux_clock_is_synchronized(void);
