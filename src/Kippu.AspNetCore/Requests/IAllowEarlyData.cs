namespace Kippu.AspNetCore;

/// <summary>Metadata of an endpoint that may be served from early data (0-RTT): it does nothing that it would not do twice (RFC 8470 §4).</summary>
public interface IAllowEarlyData;
