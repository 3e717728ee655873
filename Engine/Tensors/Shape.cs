using System.Globalization;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// The extents of a tensor, outermost first; a scalar has none. There are at most <see cref="MaxRank"/> dimensions.
/// A value type: creating and copying one allocates nothing.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest number of dimensions.</summary>
    public const int MaxRank = 6;

    /// <summary>The largest number of elements: their array also needs room to begin on a cache line.</summary>
    internal static int MaxLength => (Array.MaxLength / 16 - 1) * 16;

    private readonly Axes _extents;

    // less than the number by 1, so that the default value is a scalar
    private readonly int _furtherElements;

    /// <summary>The shape with these extents.</summary>
    /// <param name="extents">Non-negative, at most <see cref="MaxRank"/> of them, their product at most 2³¹ − 80.</param>
    /// <exception cref="ArgumentException">An extent is negative, there are too many, or their product is too large.</exception>
    public Shape(params ReadOnlySpan<int> extents) : this(extents, nameof(Shape))
    {
    }

    /// <summary>The shape of an operation's result, for an operation that names itself in messages.</summary>
    internal Shape(ReadOnlySpan<int> extents, string operation)
    {
        if (extents.Length > MaxRank)
        {
            throw new ArgumentException($"{operation}: got {extents.Length} dimensions, expected at most {MaxRank}.", nameof(extents));
        }
        long length = extents.Contains(0) ? 0 : 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
            {
                throw new ArgumentException(
                    $"{operation}: got the extents {Format(extents)}, expected non-negative numbers.", nameof(extents));
            }
            length *= extent;
            if (length > MaxLength)
            {
                throw new ArgumentException(
                    $"{operation}: got the shape {Format(extents)}, expected at most {MaxLength} elements.", nameof(extents));
            }
        }
        extents.CopyTo(_extents);
        Rank = extents.Length;
        _furtherElements = (int)length - 1;
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>The number of elements: the product of the extents, 1 for a scalar.</summary>
    public int Length => _furtherElements + 1;

    /// <summary>A scalar's shape, which is also the default value.</summary>
    public static Shape Scalar => default;

    /// <summary>The extent of one dimension; negative <paramref name="axis"/> counts from the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => _extents[Axis(axis, nameof(Shape))];

    /// <summary>The extent of one dimension: <c>shape[^1]</c> is that of the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[Index axis] => this[axis.IsFromEnd && axis.Value > 0 ? -axis.Value : axis.GetOffset(Rank)];

    /// <summary>Creates a shape from a collection expression: <c>Shape s = [2, 3];</c>.</summary>
    public static Shape Create(ReadOnlySpan<int> extents) => new(extents);

    /// <summary>Enumerates the extents, outermost first.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The extents, outermost first.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<int> Extents => ((ReadOnlySpan<int>)_extents)[..Rank];

    /// <summary>A copy of the extents.</summary>
    public int[] ToArray() => Extents.ToArray();

    /// <summary>The axis counted from the first; a negative one counts from the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    internal int Axis(int axis, string operation) => axis >= -Rank && axis < Rank
        ? axis < 0 ? axis + Rank : axis
        : throw NoAxis(axis, operation, Rank == 0 ? "none" : Range(Rank));

    /// <summary>
    /// The axis as an operation takes it that also works on a scalar: there it is 0 or −1, as in PyTorch, and means the one element.
    /// <see cref="Without"/> and the layouts of reductions ignore an axis beyond the rank.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    internal int AxisOrElement(int axis, string operation) =>
        Rank > 0 ? Axis(axis, operation) : axis is 0 or -1 ? 0 : throw NoAxis(axis, operation, "0 or -1");

    private ArgumentOutOfRangeException NoAxis(int axis, string operation, string expected) =>
        new(
            nameof(axis),
            string.Create(CultureInfo.InvariantCulture, $"{operation}: got axis {axis}, expected {expected} for the shape {this}."));

    private static string Range(int rank) => string.Create(CultureInfo.InvariantCulture, $"one from {-rank} to {rank - 1}");

    /// <summary>
    /// The number of elements along the axes from <paramref name="from"/> up to but not including <paramref name="to"/>; 0 where that is
    /// beyond int, as only a tensor without elements can have it.
    /// </summary>
    internal int ElementCount(int from, int to)
    {
        long count = 1;
        for (int axis = from; axis < to; axis++)
        {
            count *= _extents[axis];
            if (count > int.MaxValue)
            {
                return 0;
            }
        }
        return (int)count;
    }

    /// <summary>Whether broadcasting takes this shape to <paramref name="target"/>.</summary>
    internal bool BroadcastsTo(in Shape target)
    {
        int missing = target.Rank - Rank;
        for (int axis = 0; missing >= 0 && axis < Rank; axis++)
        {
            if (_extents[axis] != 1 && _extents[axis] != target._extents[axis + missing])
            {
                return false;
            }
        }
        return missing >= 0;
    }

    /// <summary>The shape to which both broadcast by NumPy's rule: aligned at the last axis, an extent of 1 is repeated.</summary>
    /// <exception cref="ArgumentException">Two extents differ and neither is 1.</exception>
    internal static Shape Broadcast(in Shape a, in Shape b, string operation)
    {
        if (a == b)
        {
            return a;
        }
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> extents = stackalloc int[MaxRank];
        for (int axis = 0; axis < rank; axis++)
        {
            int x = axis - rank + a.Rank < 0 ? 1 : a._extents[axis - rank + a.Rank];
            int y = axis - rank + b.Rank < 0 ? 1 : b._extents[axis - rank + b.Rank];
            extents[axis] = x == y || y == 1 ? x : x == 1 ? y
                : throw new ArgumentException(
                    $"{operation}: the shapes {a} and {b} do not broadcast: axis {axis - rank} has {x} and {y}, expected equal extents "
                        + "or a 1.");
        }
        return new Shape(extents[..rank]);
    }

    /// <summary>A set of axes as bits; of a scalar, 0 and −1 are its one element, as in <see cref="AxisOrElement"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <exception cref="ArgumentException">An axis is repeated.</exception>
    internal int AxisSet(ReadOnlySpan<int> axes, string operation)
    {
        if (axes.Length > MaxRank)
        {
            throw new ArgumentException(
                $"{operation}: got {axes.Length} axes for the shape {this}, expected at most {Rank}, each once.", nameof(axes));
        }
        int set = 0;
        foreach (int axis in axes)
        {
            int bit = 1 << AxisOrElement(axis, operation);
            if ((set & bit) != 0)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture, $"{operation}: got axis {axis} twice in {Format(axes)} for the shape {this}."),
                    nameof(axes));
            }
            set |= bit;
        }
        return set;
    }

    /// <summary>The shape with a set of axes removed, or kept with extent 1.</summary>
    internal Shape Without(int axisSet, bool keep)
    {
        Span<int> extents = stackalloc int[MaxRank];
        int rank = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            bool isRemoved = (axisSet >> axis & 1) != 0;
            if (!isRemoved || keep)
            {
                extents[rank++] = isRemoved ? 1 : _extents[axis];
            }
        }
        return new Shape(extents[..rank]);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Rank == other.Rank && Extents.SequenceEqual(other.Extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int extent in this)
        {
            hash.Add(extent);
        }
        return hash.ToHashCode();
    }

    /// <summary>Equal extents.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Different extents.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <summary>For example <c>[2, 3]</c>; a scalar is <c>[]</c>.</summary>
    public override string ToString() => Format(Extents);

    internal static string Format(ReadOnlySpan<int> extents) =>
        $"[{string.Join(", ", Array.ConvertAll(extents.ToArray(), static extent => extent.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>Enumerates the extents of a shape.</summary>
    public ref struct Enumerator
    {
        private readonly Shape _shape;
        private int _axis;

        internal Enumerator(Shape shape)
        {
            _shape = shape;
            _axis = -1;
        }

        /// <summary>The current extent.</summary>
        public readonly int Current => _shape._extents[_axis];

        /// <summary>Advances to the next extent.</summary>
        public bool MoveNext() => ++_axis < _shape.Rank;
    }

    [InlineArray(MaxRank)]
    private struct Axes
    {
        private int _first;
    }
}
