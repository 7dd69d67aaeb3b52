extension Request {
    /// The fields of a body that an HTML form sent (`application/x-www-form-urlencoded`); nil for a body of another type
    /// and for one that is no UTF-8.
    public var form: QueryParameters? {
        let types = headers.values("Content-Type")
        guard types.count == 1, let type = types.first?.split(separator: ";").first,
            type.filter({ $0 != " " && $0 != "\t" }).lowercased() == "application/x-www-form-urlencoded",
            let text = String(validating: body.readableBytesView, as: UTF8.self)
        else { return nil }
        return QueryParameters(raw: text)
    }
}
