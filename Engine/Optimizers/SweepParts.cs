using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>The sweep over all groups, cut into parts for the threads: many small parameters cost no more than one large one.</summary>
internal sealed class SweepParts<T> : ParallelWork where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Below this many elements the caller does all alone.</summary>
    private const int Alone = 8192;

    /// <summary>Bounds of a part's length: a part must outweigh its hand-over, and there must be enough of them for all threads to end together.</summary>
    private const int ShortestPart = 4096, LongestPart = 65536, PartsPerThread = 8;

    private (Group<T> Group, Member<T> Member)[] _moving = [];
    private int[] _ends = [];
    private int _count, _partLength;
    private bool _clamp;

    public void Run(List<Group<T>> groups, bool clamp)
    {
        _clamp = clamp;
        _count = 0;
        long total = 0;
        foreach (Group<T> group in groups)
        {
            foreach (Member<T> member in group.Members)
            {
                if (!member.Moves)
                {
                    continue;
                }
                if (_count == _moving.Length)
                {
                    Array.Resize(ref _moving, Math.Max(4, 2 * _count));
                    Array.Resize(ref _ends, _moving.Length);
                }
                total += member.Segment.Length;
                _moving[_count++] = (group, member);
            }
        }
        if (total < Alone)
        {
            for (int i = 0; i < _count; i++)
            {
                _moving[i].Group.Sweep(_moving[i].Member, 0, _moving[i].Member.Segment.Length, clamp);
            }
        }
        else
        {
            _partLength = (int)Math.Clamp(total / (PartsPerThread * Workers.Count) / ShortestPart * ShortestPart, ShortestPart, LongestPart);
            int parts = 0;
            for (int i = 0; i < _count; i++)
            {
                parts += (_moving[i].Member.Segment.Length + _partLength - 1) / _partLength;
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
        (Group<T> group, Member<T> member) = _moving[index];
        int from = (part - (index == 0 ? 0 : _ends[index - 1])) * _partLength;
        group.Sweep(member, from, Math.Min(member.Segment.Length, from + _partLength), _clamp);
    }
}
