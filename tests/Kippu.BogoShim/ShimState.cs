using System.Security.Cryptography;

namespace Kippu.BogoShim;

/// <summary>What the connections of one test share.</summary>
internal sealed class ShimState : IDisposable
{
    public ShimState()
    {
        Ring = new InProcessRing(Clock);
        SessionCache = new MemorySessionCache(timeProvider: Clock);
    }

    public ShimClock Clock { get; } = new();

    public InProcessRing Ring { get; }

    public MemorySessionCache SessionCache { get; }

    public ClientSessionStore Store { get; } = new();

    public OneUse FirstFlights { get; } = new();

    public byte[] ProtectorKey { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The messages of the connection at hand.</summary>
    public MessageTrace Trace { get; private set; } = new();

    public void BeginTrace() => Trace = new MessageTrace();

    public void Dispose() => Ring.Dispose();
}
