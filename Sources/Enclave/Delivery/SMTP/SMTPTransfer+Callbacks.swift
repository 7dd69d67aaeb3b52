import CCurl

extension SMTPTransfer {
    /// Makes this transfer the target of the handle's callbacks. It must outlive the handle's last use.
    func attach(to handle: CurlHandle) throws(TransportError) {
        let target = Unmanaged.passUnretained(self).toOpaque()
        let pointer = handle.pointer

        try streams.attach(to: handle)
        try handle.check(CURLOPT_READFUNCTION, ccurl_set_read_function(pointer, readBody))
        try handle.set(CURLOPT_READDATA, target)
        try handle.check(CURLOPT_WRITEFUNCTION, ccurl_set_write_function(pointer, dropReplies))
        try handle.check(CURLOPT_DEBUGFUNCTION, ccurl_set_debug_function(pointer, observe))
        try handle.set(CURLOPT_DEBUGDATA, target)
        // libcurl calls the debug function only when it is verbose; nothing is printed.
        try handle.set(CURLOPT_VERBOSE, 1)
    }
}

private func transfer(_ target: UnsafeMutableRawPointer?) -> SMTPTransfer? {
    target.map { Unmanaged<SMTPTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private let readBody: curl_read_callback = { buffer, size, count, target in
    transfer(target)?.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

/// Without it libcurl writes to standard output.
private let dropReplies: curl_write_callback = { _, size, count, _ in size * count }

/// Sees the commands that go out, to know which one a refusal answers. It reads neither replies nor the message.
private let observe: curl_debug_callback = { _, kind, bytes, count, target in
    guard kind == CURLINFO_HEADER_OUT, let bytes else { return 0 }
    bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
        transfer(target)?.commandSent(UnsafeBufferPointer(start: $0, count: count))
    }
    return 0
}
