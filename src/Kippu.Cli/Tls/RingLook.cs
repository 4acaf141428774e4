namespace Kippu.Cli.Tls;

/// <summary>A ring for reading, perhaps without its secrets.</summary>
/// <param name="Ring">Whoever has it disposes it.</param>
/// <param name="OperatorKeyId">Null if it is not sealed.</param>
/// <param name="IsVerified">Whether it was opened.</param>
internal sealed record RingLook(TicketKeyRing Ring, string? OperatorKeyId, bool IsVerified)
{
    public string Sealing => OperatorKeyId is null ? "not sealed: its keys stand in the file in the clear"
        : IsVerified ? $"sealed by the operator key {OperatorKeyId}, and not altered"
        : $"sealed by the operator key {OperatorKeyId}; whether it was altered shows with --operator-key FILE";
}
