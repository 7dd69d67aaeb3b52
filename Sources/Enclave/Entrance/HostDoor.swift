import Activation
import CLinux
import EnclaveLink
import Glibc
import Threads

/// The listening socket over which a host comes in, where the enclave is a service of its own. One host is served; it
/// must run as the user that the operator named, whoever else may connect.
struct HostDoor: Sendable {
    let socket: OwnedDescriptor
    let hostUser: uid_t

    /// Seconds that a host has to send its first message. Others wait in the queue meanwhile.
    private static let patience = 5

    /// Waits for the host. Whoever is another user's, or does not begin as a host does, is turned away.
    /// - Parameter notices: a service manager that hears meanwhile that the enclave lives.
    /// - Throws: `EnclaveProgramError` if nobody can come in any more.
    func admit(telling notices: OpenServiceNotices?) throws(EnclaveProgramError) -> HostLink {
        // Once more on the way out: what follows has a whole patience of the service manager.
        defer { notices?.tell(.alive) }
        while true {
            notices?.tell(.alive)
            guard isSomebodyThere(within: notices?.pulse) else { continue }
            let number = accept(socket.number, nil, nil)
            if number < 0 {
                guard errno == EINTR || errno == ECONNABORTED else {
                    throw EnclaveProgramError(
                        "no host can connect: \(String(cString: strerror(errno))); the socket must listen")
                }
                continue
            }
            let frames = OwnedDescriptor(number)
            guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0, isHost(frames), let descriptors = receive(over: frames)
            else {
                continue
            }
            return HostLink(frames: frames, descriptors: descriptors, door: self)
        }
    }

    /// From now on whoever comes is turned away at once, by a thread of its own.
    /// - Returns: false if the system has no thread to give.
    func turnAway() -> Bool {
        DetachedThread.start("door") {
            while true {
                let number = accept(socket.number, nil, nil)
                if number >= 0 {
                    close(number)
                } else if errno != EINTR, errno != ECONNABORTED {
                    // No descriptor is left: without a pause this would take a core.
                    usleep(100_000)
                }
            }
        }
    }

    /// Waits until somebody has connected; false where nobody has by the end of `time`.
    private func isSomebodyThere(within time: Duration?) -> Bool {
        var waiting = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        let count = poll(&waiting, 1, time.map { Int32(clamping: Int64($0 / .milliseconds(1))) } ?? -1)
        // What else is wrong with the socket, `accept` says.
        return count > 0 || count < 0 && errno != EINTR
    }

    private func isHost(_ connection: OwnedDescriptor) -> Bool {
        var user: uid_t = 0
        return countersign_peer_user(connection.number, &user) == 0 && user == hostUser
    }

    /// The socket that the host's first message brings.
    private func receive(over connection: OwnedDescriptor) -> OwnedDescriptor? {
        guard connection.limitReceives(toSeconds: Self.patience),
            let (message, number) = DescriptorMessage.receive(over: connection), let number
        else { return nil }
        let descriptors = OwnedDescriptor(number)
        guard message == .passing, descriptors.carriesMessages, connection.limitReceives(toSeconds: 0) else {
            return nil
        }
        return descriptors
    }
}

extension OwnedDescriptor {
    /// From now on a read from this socket fails once it has waited so long (SO_RCVTIMEO); 0 for ever.
    fileprivate func limitReceives(toSeconds seconds: Int) -> Bool {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        return setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size)) == 0
    }

    /// Whether it is a Unix socket whose messages keep their bounds.
    fileprivate var carriesMessages: Bool {
        option(SO_DOMAIN) == AF_UNIX && option(SO_TYPE) == Int32(SOCK_SEQPACKET.rawValue)
    }

    private func option(_ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(number, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }
}
