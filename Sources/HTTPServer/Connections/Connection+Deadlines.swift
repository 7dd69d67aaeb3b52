import NIOCore

extension Connection {
    /// Notes what is waited for, and by when, where that has changed.
    func settleWait() {
        let next = nextWait
        guard next != wait else { return }
        wait = next
        switch next {
        case .nothing: deadline = .distantFuture
        case .nextRequest: deadline = loop.deadline(after: shared.idleLimit)
        case .heartbeat: deadline = loop.deadline(after: shared.heartbeatInterval)
        case .restOfRequest: deadline = loop.deadline(after: shared.requestDeadline)
        case .room: deadline = loop.deadline(after: shared.answerDeadline)
        case .clientsClose: deadline = loop.deadline(after: shared.closingLimit)
        }
    }

    /// Gives the client time for the next piece, as it took one.
    func restartWaitForRoom() {
        if wait == .room { deadline = loop.deadline(after: shared.answerDeadline) }
    }

    private var nextWait: Wait {
        switch phase {
        case .receiving: isWritable ? (isInRequest ? .restOfRequest : .nextRequest) : .room
        case .complete, .answering, .waiting, .closed: .nothing
        case .streaming where exchange?.place != nil: isWritable ? .heartbeat : .room
        case .streaming: room == nil ? .nothing : .room
        case .closing: .room
        case .lingering: .clientsClose
        }
    }

    private var isInRequest: Bool { arriving != nil || bytesSinceBoundary > 0 }

    /// Ends the wait for a client that took too long.
    func checkDeadline(_ now: NIODeadline) {
        switch wait {
        case .nothing:
            break
        case .nextRequest:
            let limit = shared.connections.isCrowded ? deadline - shared.idleLimit + shared.requestDeadline : deadline
            if now >= min(limit, deadline) { cut() }
        case .heartbeat:
            if now >= deadline { sendHeartbeat() }
        case .restOfRequest:
            if now >= deadline { stopWaiting() }
        case .room, .clientsClose:
            if now >= deadline { cut() }
        }
    }

    private func stopWaiting() {
        refuse(RefusedInput(reason: .requestTimeout, arriving?.head))
    }

    /// Answers what has arrived, or arrives first, and then closes.
    func drain() {
        isLast = true
        if exchange?.place != nil { task?.cancel() }
        // A request that is on the socket already is read before a later task runs.
        let grace = hasHadRequest ? TimeAmount.milliseconds(1) : shared.firstRequestGrace
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.eventLoop.scheduleTask(in: grace) { connection.value.closeIfIdle() }
    }

    private func closeIfIdle() {
        guard phase == .receiving, !isInRequest, laterParts.isEmpty, !intake.hasBytes else { return }
        close(after: ByteBuffer(), lingers: false)
    }

    /// Closes now. A client sees that a body is not whole by its missing last chunk, and one of HTTP/1.0, which knows
    /// no chunks, by TLS not having said that it ends (RFC 9112, section 9.8).
    func cut() {
        task?.cancel()
        if phase == .streaming { context?.triggerUserOutboundEvent(AnswerBrokenOff(), promise: nil) }
        context?.close(promise: nil)
    }
}
