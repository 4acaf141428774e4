using System.Runtime.InteropServices;

namespace Kippu.Crypto.OpenSsl;

/// <summary>
/// An object of libcrypto: freed when it is disposed and, should that be forgotten, when it is collected. It is used through a <see cref="Lease"/>, so that a
/// dispose at the wrong moment ends in an <see cref="ObjectDisposedException"/> and never in memory that is not ours any more.
/// </summary>
internal abstract class NativeHandle : SafeHandle
{
    protected NativeHandle(nint pointer)
        : base(0, ownsHandle: true) => SetHandle(pointer);

    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer, which stays valid until the lease is given up.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Lease Use() => new(this);

    internal readonly ref struct Lease
    {
        private readonly NativeHandle _owner;

        public Lease(NativeHandle owner)
        {
            var added = false;
            owner.DangerousAddRef(ref added);
            _owner = owner;
        }

        public nint Pointer => _owner.handle;

        public void Dispose() => _owner.DangerousRelease();
    }
}
