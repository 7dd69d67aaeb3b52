import CCurl

extension HTTPSTransfer {
    /// Makes this transfer the target of the handle's callbacks. It must outlive the handle's last use.
    func attach(to handle: CurlHandle) throws(TransportError) {
        let target = Unmanaged.passUnretained(self).toOpaque()
        try handle.check(CURLOPT_WRITEFUNCTION, ccurl_set_write_function(handle.pointer, writeBody))
        try handle.set(CURLOPT_WRITEDATA, target)
        try handle.check(CURLOPT_HEADERFUNCTION, ccurl_set_header_function(handle.pointer, writeHeader))
        try handle.set(CURLOPT_HEADERDATA, target)
    }
}

private func transfer(_ target: UnsafeMutableRawPointer?) -> HTTPSTransfer? {
    target.map { Unmanaged<HTTPSTransfer>.fromOpaque($0).takeUnretainedValue() }
}

// Each answers how many bytes it took; fewer than it was given ends the transfer with CURLE_WRITE_ERROR.

private let writeBody: curl_write_callback = { bytes, size, count, target in
    let isTaken = transfer(target)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? false
    return isTaken ? size * count : 0
}

private let writeHeader: curl_write_callback = { bytes, size, count, target in
    let isTaken = transfer(target)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? false
    return isTaken ? size * count : 0
}
