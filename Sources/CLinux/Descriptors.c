#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

ssize_t clinux_send_descriptor(int socket, const void *message, size_t length, int descriptor) {
    struct iovec part = {(void *)(uintptr_t)message, length};
    union control control;
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(rights), &descriptor, sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t clinux_receive_descriptor(int socket, void *message, size_t length, int *descriptor) {
    struct iovec part = {message, length};
    union control control;
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    *descriptor = -1;
    ssize_t received;
    do received = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return -1;

    // Padding leaves room for a second descriptor, so what arrived is counted; the kernel closes what does not fit.
    size_t arrived = 0;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS)
        arrived = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    int first = -1;
    for (size_t index = 0; index < arrived; index++) {
        int one;
        memcpy(&one, CMSG_DATA(rights) + index * sizeof(int), sizeof(int));
        if (index == 0 && arrived == 1 && !(header.msg_flags & (MSG_CTRUNC | MSG_TRUNC))) first = one;
        else close(one);
    }
    if (arrived > 1 || header.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) {
        errno = EPROTO;
        return -1;
    }
    *descriptor = first;
    return received;
}
