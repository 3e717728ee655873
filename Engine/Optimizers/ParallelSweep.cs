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

    private (ElementwiseGroup<T> Group, ParameterEntry<T> Entry)[] _updated = [];
    private int[] _ends = [];
    private int _count, _partLength;
    private bool _clamp;

    public void Run(List<ElementwiseGroup<T>> groups, bool clamp)
    {
        _clamp = clamp;
        _count = 0;
        long total = 0;
        foreach (ElementwiseGroup<T> group in groups)
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
        if (total < SerialLimit)
        {
            for (int i = 0; i < _count; i++)
            {
                _updated[i].Group.Sweep(_updated[i].Entry, 0, _updated[i].Entry.Parameter.Shape.Length, clamp);
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
        (ElementwiseGroup<T> group, ParameterEntry<T> entry) = _updated[index];
        int from = (part - (index == 0 ? 0 : _ends[index - 1])) * _partLength;
        group.Sweep(entry, from, from + Math.Min(entry.Parameter.Shape.Length - from, _partLength), _clamp);
    }
}
