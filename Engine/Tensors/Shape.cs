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

    private readonly Axes _extents;

    /// <summary>The shape with these extents.</summary>
    /// <param name="extents">Non-negative, at most <see cref="MaxRank"/> of them, their product below 2³¹.</param>
    /// <exception cref="ArgumentException">An extent is negative, there are too many, or their product is too large.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank)
        {
            throw new ArgumentException($"Shape: got {extents.Length} dimensions, expected at most {MaxRank}.", nameof(extents));
        }
        long length = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
            {
                throw new ArgumentException($"Shape: got the negative extent {extent} in {Format(extents)}.", nameof(extents));
            }
            length = length * extent;
            if (length > Array.MaxLength)
            {
                throw new ArgumentException($"Shape: {Format(extents)} has more than {Array.MaxLength} elements.", nameof(extents));
            }
        }
        extents.CopyTo(_extents);
        Rank = extents.Length;
        Length = (int)length;
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>The number of elements: the product of the extents, 1 for a scalar.</summary>
    public int Length { get; private init; }

    /// <summary>A scalar's shape.</summary>
    public static Shape Scalar => new([]);

    /// <summary>The extent of one dimension; negative <paramref name="axis"/> counts from the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => _extents[Axis(axis, nameof(Shape))];

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
        : throw new ArgumentOutOfRangeException(
            nameof(axis), axis, $"{operation}: got axis {axis}, expected one from {-Rank} to {Rank - 1} for the shape {this}.");

    /// <summary>
    /// The number of elements along the axes from <paramref name="from"/> up to but not including <paramref name="to"/>.
    /// </summary>
    internal int ElementCount(int from, int to)
    {
        int count = 1;
        for (int axis = from; axis < to; axis++)
        {
            count *= _extents[axis];
        }
        return count;
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

    /// <summary>A set of axes as bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <exception cref="ArgumentException">An axis is repeated.</exception>
    internal int AxisSet(ReadOnlySpan<int> axes, string operation)
    {
        int set = 0;
        foreach (int axis in axes)
        {
            int bit = 1 << Axis(axis, operation);
            if ((set & bit) != 0)
            {
                throw new ArgumentException($"{operation}: got axis {axis} twice in {Format(axes)} for the shape {this}.", nameof(axes));
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

    private static string Format(ReadOnlySpan<int> extents) => $"[{string.Join(", ", extents.ToArray())}]";

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
