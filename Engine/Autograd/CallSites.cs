using System.Numerics;

namespace Engine;

/// <summary>
/// From where each operation of a recording was called. A stack is looked at only where an operation stands in a place for the first time,
/// since that takes longer than most operations, and training steps repeat one another.
/// </summary>
internal sealed class CallSites<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<(Op<T> Op, CallSite Site)> _sites = [];

    /// <summary>Notes the caller of the operation that is about to get this place.</summary>
    public void Note(int place, Op<T> op)
    {
        if (place < _sites.Count && ReferenceEquals(_sites[place].Op, op))
        {
            return;
        }
        // another operation: what came after it need not be as before either
        _sites.RemoveRange(place, _sites.Count - place);
        _sites.Add((op, CallSite.OfCaller()));
    }

    /// <summary>The caller of the operation in this place.</summary>
    public CallSite At(int place) => place < _sites.Count ? _sites[place].Site : default;
}
