/// A route's parameter that is absent or no value of the wanted type. Uncaught, it is answered with 400.
public struct RouteParameterError: Error, Equatable {
    /// The parameter's name in the route's pattern.
    public let name: String
}

extension Request {
    /// The value of a route's parameter, percent-decoded; empty where the route's pattern does not name it.
    public func parameter(_ name: String) -> String {
        parameters[name] ?? ""
    }

    /// The value of a route's parameter, read as a number, an identifier or another type with a text form.
    ///
    /// - Throws: `RouteParameterError` where the text is no such value.
    public func parameter<Value: LosslessStringConvertible>(
        _ name: String, as type: Value.Type
    ) throws(RouteParameterError) -> Value {
        guard let value = parameters[name].flatMap(Value.init) else { throw RouteParameterError(name: name) }
        return value
    }
}
