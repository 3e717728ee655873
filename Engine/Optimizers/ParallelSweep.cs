using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The sweep over all elementwise groups, cut into parts for the worker threads: many small parameters cost no more than one large one.
/// </summary>
internal sealed class ParallelSweep<T> : ParallelWork where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Below this many elements the calling thread does all the work.</summary>
    private const int SerialLimit = 8192;

    /// <summary>
    /// Bounds of a part's length: a part must outweigh its hand-off, and there must be enough parts for all threads to end together.
    /// </summary>
    private const int ShortestPart = 4096, LongestPart = 65536, PartsPerThread = 8;

    private (IElementwiseGroup<T> Group, ParameterEntry<T> Entry)[] _updated = [];
    private int[] _ends = [];
    private int _count, _partLength;
    private bool _clamp;

    /// <summary>The rule that threw in the last run.</summary>
    public string? FailedRule { get; private set; }

    public void Run(List<IElementwiseGroup<T>> groups, bool clamp)
    {
        _clamp = clamp;
        _count = 0;
        FailedRule = null;
        long total = 0;
        foreach (IElementwiseGroup<T> group in groups)
        {
            foreach (ParameterEntry<T> entry in group.Entries)
            {
                if (!entry.IsUpdated)
                {
                    continue;
                }
                if (_count == _updated.Length)
                {
                    Array.Resize(ref _updated, Math.Max(4, 2 * _count));
                    Array.Resize(ref _ends, _updated.Length);
                }
                total += entry.Parameter.Shape.Length;
                _updated[_count++] = (group, entry);
            }
        }
        if (total < SerialLimit || Workers.Count == 1)
        {
            for (int i = 0; i < _count; i++)
            {
                Sweep(i, 0, _updated[i].Entry.Parameter.Shape.Length);
            }
        }
        else
        {
            long part = total / (PartsPerThread * Workers.Count) / ShortestPart * ShortestPart;
            _partLength = (int)Math.Clamp(part, ShortestPart, LongestPart);
            int parts = 0;
            for (int i = 0; i < _count; i++)
            {
                parts += (int)(((long)_updated[i].Entry.Parameter.Shape.Length + _partLength - 1) / _partLength);
                _ends[i] = parts;
            }
            Workers.Run(this, parts);
        }
    }

    internal override void Run(int part)
    {
        int index = Array.BinarySearch(_ends, 0, _count, part + 1);
        index = index < 0 ? ~index : index;
        while (index > 0 && _ends[index - 1] == _ends[index])
        {
            index--; // an empty parameter has no part of its own
        }
        int from = (part - (index == 0 ? 0 : _ends[index - 1])) * _partLength;
        Sweep(index, from, from + Math.Min(_updated[index].Entry.Parameter.Shape.Length - from, _partLength));
    }

    private void Sweep(int index, int from, int to)
    {
        (IElementwiseGroup<T> group, ParameterEntry<T> entry) = _updated[index];
        try
        {
            group.Sweep(entry, from, to, _clamp);
        }
        catch
        {
            FailedRule = group.RuleName;
            throw;
        }
    }
}
