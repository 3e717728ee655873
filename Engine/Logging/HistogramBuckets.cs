using System.Numerics;

namespace Engine;

/// <summary>
/// Counts numbers in TensorBoard's intervals: the edges ±10⁻¹²·1.1ᵏ up to 10²⁰, and 0. Only the intervals from the first to the last that
/// holds a number are kept, with an empty one before, which gives the first its left end. Where these are more than 512, neighbors are
/// merged, two by two or four by four: Weights &amp; Biases refuses more.
/// </summary>
/// <remarks>
/// An interval holds its left end but not its right, as in NumPy; the same edges in every histogram make histograms of several steps
/// comparable. A number of 10²⁰ or more is in an interval that ends at the largest double.
/// </remarks>
internal sealed class HistogramBuckets
{
    /// <summary>The most intervals that are written.</summary>
    public const int MaxBuckets = 512;

    /// <summary>A cell is a sixteenth of an octave: narrower than the ratio of two edges, so that it holds at most one.</summary>
    private const int CellShift = 52 - 4, CellsPerSign = 1 << 15;

    private static readonly double[] Edges = CreateEdges();
    private static readonly short[] FirstBucketOfCell = CreateCells();

    /// <summary>The place of the edge 0.</summary>
    private static readonly int Middle = Edges.Length / 2;

    private readonly long[] _counts = new long[Edges.Length - 1];
    private readonly double[] _limits = new double[MaxBuckets], _bucketCounts = new double[MaxBuckets];

    /// <summary>The least number, 0 if there is none.</summary>
    public double Minimum { get; private set; }

    /// <summary>The greatest number, 0 if there is none.</summary>
    public double Maximum { get; private set; }

    /// <summary>How many finite numbers there were.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum, in their order.</summary>
    public double Sum { get; private set; }

    /// <summary>The sum of their squares, in their order.</summary>
    public double SumOfSquares { get; private set; }

    /// <summary>√(Σ(x − mean)²/n): √(Σx²/n − mean²) loses its digits where the mean is far from 0. NaN if there is no number.</summary>
    public double StandardDeviation { get; private set; }

    /// <summary>How many intervals there are.</summary>
    public int Length { get; private set; }

    /// <summary>The right ends of the intervals.</summary>
    public ReadOnlySpan<double> Limits => _limits.AsSpan(0, Length);

    /// <summary>The numbers in each interval.</summary>
    public ReadOnlySpan<double> Counts => _bucketCounts.AsSpan(0, Length);

    /// <summary>Begins anew with these numbers.</summary>
    public void Fill<T>(ReadOnlySpan<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Array.Clear(_counts);
        (double least, double greatest, double sum, double squares, long count) = (double.MaxValue, double.MinValue, 0, 0, 0);
        foreach (T element in values)
        {
            double value = double.CreateTruncating(element);
            if (double.IsFinite(value))
            {
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
                sum += value;
                squares += value * value;
                count++;
                _counts[BucketOf(value)]++;
            }
        }
        (Minimum, Maximum) = count == 0 ? (0, 0) : (least, greatest);
        (Sum, SumOfSquares, Count) = (sum, squares, count);
        StandardDeviation = DeviationFrom(sum / count, values);
        for (int merged = 1; !TryMerge(merged); merged *= 2)
        {
        }
    }

    /// <summary>The same as values that stay.</summary>
    public HistogramSummary ToSummary() =>
        new(Minimum, Maximum, Count, Sum, SumOfSquares, Limits.ToArray(), Counts.ToArray());

    private double DeviationFrom<T>(double mean, ReadOnlySpan<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double squares = 0;
        foreach (T element in values)
        {
            double deviation = double.CreateTruncating(element) - mean;
            squares += double.IsFinite(deviation) ? deviation * deviation : 0;
        }
        return Math.Sqrt(squares / Count);
    }

    /// <summary>Merges so many intervals each, counted from 0 to both sides; false if more than 512 are left.</summary>
    private bool TryMerge(int merged)
    {
        int first = Array.FindIndex(_counts, static count => count > 0), last = Array.FindLastIndex(_counts, static count => count > 0);
        if (first < 0)
        {
            (first, last) = (Middle - 1, Middle); // no finite number: the two intervals around 0
        }
        int start = Down(first, merged), end = Up(last + 1, merged);
        if (Up(start + 1, merged) >= end)
        {
            // importers want three limits
            (start, end) = end == Edges.Length - 1 ? (Down(start - 1, merged), end) : (start, Up(end + 1, merged));
        }
        Length = 0;
        Add(start, 0);
        for (int edge = start; edge < end;)
        {
            int next = Up(edge + 1, merged);
            if (Length == MaxBuckets)
            {
                return false;
            }
            long count = 0;
            for (int bucket = edge; bucket < next; bucket++)
            {
                count += _counts[bucket];
            }
            Add(next, count);
            edge = next;
        }
        return true;
    }

    private void Add(int edge, long count)
    {
        _limits[Length] = Edges[edge];
        _bucketCounts[Length++] = count;
    }

    /// <summary>The greatest edge that stays and is not after this one.</summary>
    private static int Down(int edge, int merged)
    {
        while (!Stays(edge, merged))
        {
            edge--;
        }
        return edge;
    }

    /// <summary>The least edge that stays and is not before this one.</summary>
    private static int Up(int edge, int merged)
    {
        edge = Math.Min(edge, Edges.Length - 1);
        while (!Stays(edge, merged))
        {
            edge++;
        }
        return edge;
    }

    private static bool Stays(int edge, int merged) =>
        edge == 0 || edge == Edges.Length - 1 || edge == Middle || (Math.Abs(edge - Middle) - 1) % merged == 0;

    private static int BucketOf(double value)
    {
        int bucket = FirstBucketOfCell[Cell(value)];
        return bucket + 2 < Edges.Length && value >= Edges[bucket + 1] ? bucket + 1 : bucket;
    }

    private static int Cell(double value) => (int)(BitConverter.DoubleToUInt64Bits(value) >> CellShift);

    private static double[] CreateEdges()
    {
        List<double> positive = [];
        for (double edge = 1e-12; edge < 1e20; edge *= 1.1)
        {
            positive.Add(edge);
        }
        positive.Add(double.MaxValue);
        return [.. positive.AsEnumerable().Reverse().Select(static edge => -edge), 0, .. positive];
    }

    /// <summary>For each cell the interval of its least number.</summary>
    private static short[] CreateCells()
    {
        short[] cells = new short[2 * CellsPerSign];
        for (int cell = 0; cell < CellsPerSign; cell++)
        {
            double low = BitConverter.UInt64BitsToDouble((ulong)cell << CellShift);
            double farthest = BitConverter.UInt64BitsToDouble(((ulong)(cell + 1) << CellShift) - 1);
            cells[cell] = IntervalOf(low);
            cells[cell + CellsPerSign] = IntervalOf(-farthest);
        }
        return cells;
    }

    private static short IntervalOf(double value)
    {
        int place = Array.BinarySearch(Edges, double.IsFinite(value) ? value : 0);
        return (short)Math.Min(place >= 0 ? place : ~place - 1, Edges.Length - 2);
    }
}
