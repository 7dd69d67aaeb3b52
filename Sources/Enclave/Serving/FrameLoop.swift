import EnclaveLink

/// Reads the host's frames and has them answered, until the host is gone.
struct FrameLoop {
    enum Ending: Equatable {
        case hostGone
        /// The host sent something that is no frame of this protocol.
        case protocolBroken
    }

    let socket: OwnedDescriptor
    let core: EnclaveCore
    let answers: FrameOutbox
    let watch: LoopWatch

    func run() -> Ending {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: FrameWriter.bodyLimit, alignment: 16)
        defer { buffer.deallocate() }
        var splitter = FrameSplitter()
        while let bytes = socket.receive(into: buffer) {
            splitter.append(bytes)
            do {
                try watch.during { while let body = try splitter.next() { try core.receive(body, answers: answers) } }
            } catch {
                return .protocolBroken
            }
            answers.flush()
        }
        return .hostGone
    }
}
