#pragma once

// What Linux tells about the process at the other end of a connected Unix socket (SO_PEERCRED, unix(7)). The layout is
// that of struct ucred, which glibc only declares to programs that ask for its extensions.
struct countersign_peer {
    int process;
    unsigned int user;
    unsigned int group;
};

// Stores the user that the process at the other end of a connected Unix socket had when it connected, or called listen(2).
// Returns 0, or the errno of the call that failed.
int countersign_peer_user(int socket, unsigned int *uid);
