#define _GNU_SOURCE
#include "CLinuxPeer.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>

_Static_assert(sizeof(struct countersign_peer) == sizeof(struct ucred), "size");
_Static_assert(offsetof(struct countersign_peer, process) == offsetof(struct ucred, pid), "process");
_Static_assert(offsetof(struct countersign_peer, user) == offsetof(struct ucred, uid), "user");
_Static_assert(offsetof(struct countersign_peer, group) == offsetof(struct ucred, gid), "group");

int countersign_peer_user(int socket, unsigned int *uid) {
    struct countersign_peer peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return errno;
    if (length != sizeof peer) return EINVAL;
    *uid = peer.user;
    return 0;
}
