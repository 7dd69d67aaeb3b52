import NIOCore

extension WebSocketConnection {
    /// Notes what is waited for, and by when, where that has changed.
    func settleWait() {
        let next = nextWait
        guard next != wait else { return }
        wait = next
        switch next {
        case .nothing: deadline = .distantFuture
        case .heartbeat: deadline = loop.deadline(after: shared.heartbeatInterval)
        case .pong, .room: deadline = loop.deadline(after: shared.answerDeadline)
        case .clientsClose: deadline = loop.deadline(after: shared.closingLimit)
        }
    }

    private var nextWait: Wait {
        switch phase {
        case .open: isWritable ? (isPongDue ? .pong : .heartbeat) : .room
        case .closing, .lingering: .clientsClose
        case .closed: .nothing
        }
    }

    func checkDeadline(_ now: NIODeadline) {
        guard now >= deadline else { return }
        switch wait {
        case .nothing: break
        case .heartbeat: ping()
        case .pong, .room, .clientsClose: cut()
        }
    }

    private func ping() {
        isPongDue = true
        framesSincePing = 0
        send(.ping)
        settleWait()
    }

    /// Tells the client that the server is going away (RFC 6455, section 7.4.1).
    func drain() {
        close(.goingAway)
    }

    /// Closes now.
    func cut() {
        stopMessages()
        context?.close(promise: nil)
    }
}
