namespace Kippu.AspNetCore;

/// <summary>This action may be served from early data (0-RTT), which an attacker can replay: it does nothing that it would not do twice (RFC 8470 §4).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowEarlyDataAttribute : Attribute, IAllowEarlyData;
