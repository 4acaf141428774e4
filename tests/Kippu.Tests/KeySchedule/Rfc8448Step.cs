namespace Kippu.Tests.KeySchedule;

/// <summary>One step of a trace of RFC 8448: who takes it, what it is, and the values that the RFC prints.</summary>
internal sealed record Rfc8448Step(bool IsClient, string Title, IReadOnlyDictionary<string, string> Fields)
{
    public byte[] Bytes(string field) => Convert.FromHexString(Fields[field]);

    public override string ToString() => $"{{{(IsClient ? "client" : "server")}}} {Title}";
}
