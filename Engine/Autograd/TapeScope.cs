using System.Numerics;

namespace Engine;

/// <summary>
/// The time during which a tape is current on a thread: a recording, an evaluation or a backward pass. The scopes of a thread are a
/// stack, the innermost on top.
/// </summary>
internal sealed class TapeScope<T>(Tape<T> tape, bool records) where T : unmanaged, IFloatingPointIeee754<T>
{
    private volatile bool _isOpen;

    /// <summary>The tape that operations take their memory from.</summary>
    public Tape<T> Tape { get; } = tape;

    /// <summary>Whether operations are recorded.</summary>
    public bool Records { get; } = records;

    /// <summary>The scope below, on the same thread.</summary>
    public TapeScope<T>? Outer { get; set; }

    /// <summary>Whether the scope has not ended; another thread may end it.</summary>
    public bool IsOpen
    {
        get => _isOpen;
        set => _isOpen = value;
    }

    /// <summary>Whether the scope is on the stack of a thread, where it may be after its end too.</summary>
    public bool IsOnStack { get; set; }
}
